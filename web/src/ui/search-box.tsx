import { Search } from "lucide-react";
import { cn } from "@/util/cn";
import { Input } from "./form";

export interface SearchBoxProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  className?: string;
  testId?: string;
}

export function SearchBox({ label, value, onChange, placeholder, className, testId }: SearchBoxProps) {
  return (
    <div className={cn("relative", className)}>
      <Search size={15} aria-hidden="true" className="absolute left-2.5 top-2.5 text-ink-soft" />
      <Input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        data-testid={testId}
        className="w-full pl-8"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
