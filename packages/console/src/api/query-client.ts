import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { Problem } from "@uniview/api/problems";
import { sessionQuery } from "./identity.ts";
import { isProblem } from "./problem.ts";

/** What is younger is shown without asking again; events make it older. */
const FRESH_MS = 10_000;
const MAX_RETRIES = 2;

/** A query client that tells when the session has ended, whichever call finds it out. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (isProblem(error, "not-signed-in")) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({
      // who asks for the session itself wants to know, and deals with the answer
      onError: (error, { queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] && onError(error),
    }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: FRESH_MS,
        retry: (failures, error) => error instanceof Problem && error.retryable && failures < MAX_RETRIES,
      },
    },
  });
}
