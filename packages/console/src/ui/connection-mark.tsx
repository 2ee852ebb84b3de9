import { Tooltip } from "@mantine/core";
import { IconBolt, IconBoltOff } from "@tabler/icons-react";
import { useConnection } from "../api/live.ts";
import classes from "./connection-mark.module.css";

const WORDS = {
  connecting: { word: "Connecting", about: "Connecting for live changes" },
  live: { word: "Live", about: "Changes show as they happen" },
  lost: { word: "Reconnecting", about: "Live changes do not arrive; pages are read again every few seconds" },
} as const;

/** Whether what is on the screen follows the server by itself. Quiet while all is well. */
export function ConnectionMark({ words = false }: { readonly words?: boolean }) {
  const connection = useConnection();
  const { word, about } = WORDS[connection];
  const Icon = connection === "lost" ? IconBoltOff : IconBolt;
  return (
    <Tooltip label={about}>
      <span className={classes.mark} data-connection={connection} role="status">
        <Icon size={14} aria-hidden />
        {words || connection === "lost" ? (
          <span>{word}</span>
        ) : (
          <span className={classes.unseen}>{word}</span>
        )}
      </span>
    </Tooltip>
  );
}
