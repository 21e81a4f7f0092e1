export interface TickProps {
  label: string;
  checked: boolean;
  onChange: () => void;
}

/** A check-box whose label is only spoken, for rows of tables. */
export function Tick({ label, checked, onChange }: TickProps) {
  return (
    <input
      type="checkbox"
      aria-label={label}
      className="block h-4 w-4 accent-[var(--accent)]"
      checked={checked}
      onChange={onChange}
    />
  );
}
