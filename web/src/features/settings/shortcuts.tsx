import { shortcuts } from "@/actions/shortcuts";
import { Table } from "@/ui/table";
import { t } from "./messages";

export default function Shortcuts() {
  return (
    <Table
      label={t.keyboardShortcuts}
      rows={[...shortcuts]}
      keyOf={(row) => row.label}
      columns={[
        { key: "label", title: t.action, cell: (row) => row.label },
        {
          key: "keys",
          title: t.keys,
          cell: (row) =>
            row.keys.map((key) => (
              <kbd key={key} className="mr-2 rounded border border-line bg-sunken px-1.5 py-0.5 font-mono text-[13px]">
                {key.replace("Mod", "Ctrl")}
              </kbd>
            )),
        },
      ]}
    />
  );
}
