import { ActionIcon, Menu } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";
import { columnsParameter } from "../paths/list-search.ts";

interface ColumnChooserProps {
  readonly columns: readonly { readonly id: string; readonly title: string; readonly shown: boolean }[];
  readonly shown: readonly string[];
  readonly onChange: (columns: string | undefined) => void;
}

export function ColumnChooser({ columns, shown, onChange }: ColumnChooserProps) {
  return (
    <Menu closeOnItemClick={false}>
      <Menu.Target>
        <ActionIcon
          variant="default"
          size={34}
          aria-label="Choose the columns"
          title="Columns"
          visibleFrom="sm"
        >
          <IconColumns3 size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Columns</Menu.Label>
        {columns.map(({ id, title }) => {
          const on = shown.includes(id);
          return (
            <Menu.CheckboxItem
              key={id}
              checked={on}
              onChange={() =>
                onChange(columnsParameter(columns, on ? shown.filter((each) => each !== id) : [...shown, id]))
              }
            >
              {title}
            </Menu.CheckboxItem>
          );
        })}
        <Menu.Divider />
        <Menu.Item onClick={() => onChange(undefined)}>As usual</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
