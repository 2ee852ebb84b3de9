import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { ProblemBox } from "../ui/problem-box.tsx";

/** What a page shows that cannot be shown. */
export function ErrorPage({ error }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <div style={{ maxWidth: 640, margin: "10vh auto", padding: 20 }}>
      <ProblemBox problem={error} retry={() => void router.invalidate()} />
    </div>
  );
}
