import { shortcuts } from "@/actions/shortcuts";
import { Table } from "@/ui/table";

export default function Shortcuts() {
  return (
    <Table
      label="Keyboard shortcuts"
      rows={[...shortcuts]}
      keyOf={(row) => row.label}
      columns={[
        { key: "label", title: "Action", cell: (row) => row.label },
        {
          key: "keys",
          title: "Keys",
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
