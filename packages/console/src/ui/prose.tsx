/** A sentence in which names of fields and calls stand between back ticks. */
export function Prose({ children }: { readonly children: string }) {
  return (
    <span>
      {children.split("`").map((part, at) =>
        at % 2 === 1 ? (
          // the parts of one sentence never change their order
          // biome-ignore lint/suspicious/noArrayIndexKey: a part may come twice
          <span key={at} className="mono">
            {part}
          </span>
        ) : (
          part
        ),
      )}
    </span>
  );
}
