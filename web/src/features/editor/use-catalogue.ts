import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { catalogueQuery, variablesQuery } from "@/api/queries";
import type { Defaults } from "./add";

export function useCatalogue() {
  return useQuery(catalogueQuery);
}

/** Which variable fills a field of which name. */
export function useDefaults(): Defaults {
  const variables = useQuery(variablesQuery).data;
  return useMemo(
    () =>
      new Map(
        (variables ?? []).flatMap((variable) => (variable.default_fields ?? []).map((field) => [field, variable.name])),
      ),
    [variables],
  );
}
