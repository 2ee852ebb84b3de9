import { Button, Text } from "@mantine/core";
import { IconAlertTriangleFilled, IconRefresh, IconSquareXFilled } from "@tabler/icons-react";
import type { ProblemDetail } from "@uniview/api";
import { problemDetail } from "../api/problem.ts";
import { Copyable } from "./copyable.tsx";
import classes from "./problem-box.module.css";

interface ProblemBoxProps {
  readonly problem: unknown;
  /** `warn`: it is being dealt with, as while a job waits. */
  readonly tone?: "bad" | "warn";
  readonly title?: string;
  readonly retry?: () => void;
}

/** A problem as the API tells it: what is wrong, what to do, and what an operator of the site would ask for. */
export function ProblemBox({ problem, tone = "bad", title, retry }: ProblemBoxProps) {
  const detail = problemDetail(problem);
  const Icon = tone === "bad" ? IconSquareXFilled : IconAlertTriangleFilled;
  return (
    <div className={classes.box} data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
      <Icon size={18} className={classes.icon} aria-hidden />
      <div className={classes.text}>
        <Text fw={600} size="sm">
          {title ?? detail.title}
        </Text>
        <Text size="sm">{detail.detail}</Text>
        {detail.remedy && (
          <Text size="sm" className={classes.remedy}>
            {detail.remedy}
          </Text>
        )}
        {detail.errors?.map(({ field, detail: text }) => (
          <Text size="sm" key={field + text}>
            <span className="mono">{field}</span>: {text}
          </Text>
        ))}
        <Origin detail={detail} />
        {retry && (
          <Button
            mt="xs"
            size="compact-sm"
            variant="default"
            leftSection={<IconRefresh size={14} />}
            onClick={retry}
          >
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}

function Origin({ detail }: { readonly detail: ProblemDetail }) {
  const parts = [detail.site && `site ${detail.site}`, detail.service].filter(Boolean).join(", ");
  if (parts === "" && !detail.request_id) return null;
  return (
    <div className={classes.origin}>
      {parts && <span>{parts}</span>}
      {detail.request_id && <Copyable value={detail.request_id} what="the site's request id" />}
    </div>
  );
}
