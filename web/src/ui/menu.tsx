import { DropdownMenu as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/util/cn";

export interface MenuItem {
  label: string;
  onSelect: () => void;
  icon?: ReactNode;
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  testId?: string;
  /** A line above this item. */
  line?: boolean;
}

export const menuLook = "z-50 min-w-48 rounded-lg border border-line bg-surface p-1 shadow-card";
export const menuItemLook =
  "flex cursor-pointer select-none items-center gap-2 rounded-md px-2 py-1.5 text-sm outline-none " +
  "data-[highlighted]:bg-sunken data-[disabled]:cursor-not-allowed data-[disabled]:opacity-50";

export function MenuItems({ items }: { items: MenuItem[] }) {
  return items.map((item) => (
    <div key={item.label}>
      {item.line ? <Radix.Separator className="my-1 h-px bg-line" /> : null}
      <Radix.Item
        data-testid={item.testId}
        disabled={item.disabled}
        onSelect={item.onSelect}
        className={cn(menuItemLook, item.danger && "text-danger")}
      >
        {item.icon ? <span aria-hidden="true">{item.icon}</span> : null}
        <span className="flex-1">{item.label}</span>
        {item.keys ? <kbd className="font-sans text-xs text-ink-soft">{item.keys}</kbd> : null}
      </Radix.Item>
    </div>
  ));
}

export interface MenuProps {
  trigger: ReactNode;
  items: MenuItem[];
  header?: ReactNode;
  align?: "start" | "end";
  testId?: string;
}

export function Menu({ trigger, items, header, align = "end", testId }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content align={align} sideOffset={4} className={menuLook} data-testid={testId}>
          {header}
          <MenuItems items={items} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
