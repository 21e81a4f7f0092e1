import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { catalogueQuery, savedComponentsQuery, variablesQuery } from "@/api/queries";
import type { Defaults } from "./add";

export function useCatalogue() {
  return useQuery(catalogueQuery);
}

/** The catalogue with what the person keeps of her own, for the palette. */
export function usePalette() {
  const catalogue = useQuery(catalogueQuery);
  const saved = useQuery(savedComponentsQuery).data;
  const entries = useMemo(
    () => (saved && saved.length > 0 ? [...saved, ...(catalogue.data ?? [])] : (catalogue.data ?? [])),
    [saved, catalogue.data],
  );
  return { ...catalogue, entries };
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
