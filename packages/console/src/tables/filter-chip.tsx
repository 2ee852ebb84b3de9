import { Menu, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconX } from "@tabler/icons-react";
import classes from "./filter-chip.module.css";

interface FilterChipProps {
  readonly name: string;
  readonly value: string | undefined;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (value: string | null) => void;
}

/** A filter that is off until a value is chosen, and says which. */
export function FilterChip({ name, value, choices, onChange }: FilterChipProps) {
  const label = choices.find((choice) => choice.value === value)?.label ?? value;
  return (
    <span className={classes.chip} data-on={value !== undefined || undefined}>
      <Menu position="bottom-start">
        <Menu.Target>
          <UnstyledButton className={classes.button} aria-label={`Filter by ${name.toLowerCase()}`}>
            {name}
            {label && <strong>{label}</strong>}
            {!label && <IconChevronDown size={13} aria-hidden />}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown mah={360} style={{ overflowY: "auto" }}>
          {choices.map((choice) => (
            <Menu.CheckboxItem
              key={choice.value}
              closeMenuOnClick
              checked={choice.value === value}
              onChange={(on) => onChange(on ? choice.value : null)}
            >
              {choice.label}
            </Menu.CheckboxItem>
          ))}
        </Menu.Dropdown>
      </Menu>
      {value !== undefined && (
        <UnstyledButton
          className={classes.clear}
          aria-label={`Clear the filter by ${name.toLowerCase()}`}
          onClick={() => onChange(null)}
        >
          <IconX size={12} />
        </UnstyledButton>
      )}
    </span>
  );
}
