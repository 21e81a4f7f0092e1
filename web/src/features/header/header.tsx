import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Bell, LogOut, Monitor, Moon, Settings, Sun, Users } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { api } from "@/api/client";
import { versionQuery } from "@/api/queries";
import { useSession } from "@/stores/session";
import { type Theme, useTheme } from "@/stores/theme";
import { useToasts } from "@/stores/toast";
import { Menu } from "@/ui/menu";
import { cn } from "@/util/cn";
import { t } from "./messages";

export function Header({ children }: { children?: ReactNode }) {
  return (
    <header
      data-testid="app-header"
      className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-surface px-3"
    >
      <Link
        to="/flows"
        aria-label={t.allFlows}
        data-testid="icon-ChevronLeft"
        className="flex items-center gap-2 rounded-md p-1"
      >
        <img src="/favicon.svg" alt="" width={24} height={24} />
        {children ? null : <span className="font-semibold">{t.langflow}</span>}
      </Link>
      <div className="flex min-w-0 flex-1 items-center">{children}</div>
      <Notices />
      <UserMenu />
    </header>
  );
}

function Notices() {
  const { log, clearLog } = useToasts();
  return (
    <Menu
      testId="notification-dropdown-content"
      trigger={
        <button
          type="button"
          data-testid="notification_button"
          aria-label={t.notices(log.length)}
          title={t.notices2}
          className="relative rounded-lg p-2 hover:bg-sunken"
        >
          <Bell size={17} aria-hidden="true" />
          {log.length > 0 ? (
            <span aria-hidden="true" className="absolute right-1.5 top-1.5 h-2 w-2 rounded-full bg-danger" />
          ) : null}
        </button>
      }
      header={
        <div className="max-h-80 w-72 overflow-y-auto p-2 text-sm">
          {log.length === 0 ? <p className="text-ink-soft">{t.noNotices}</p> : null}
          {log.map((entry) => (
            <p
              key={entry.id}
              className={cn("border-b border-line py-1.5 last:border-0", entry.tone === "danger" && "text-danger")}
            >
              {entry.text}
            </p>
          ))}
        </div>
      }
      items={log.length > 0 ? [{ label: t.clearAll, onSelect: clearLog }] : []}
    />
  );
}

const themes: { theme: Theme; label: string; icon: typeof Sun; testId: string }[] = [
  { theme: "light", label: t.light, icon: Sun, testId: "menu_light_button" },
  { theme: "dark", label: t.dark, icon: Moon, testId: "menu_dark_button" },
  { theme: "system", label: t.likeTheSystem, icon: Monitor, testId: "menu_system_button" },
];

function UserMenu() {
  const user = useSession((state) => state.user);
  const { theme: chosen, set } = useTheme();
  const version = useQuery(versionQuery).data;
  const navigate = useNavigate();
  if (!user) return null;
  const logout = async () => {
    await api("/api/v1/logout", { method: "POST", anonymous: true }).catch(() => undefined);
    location.assign("/login");
  };
  return (
    <Menu
      trigger={
        <button
          type="button"
          data-testid="user_menu_button"
          aria-label={t.accountOf(user.username)}
          className="flex items-center gap-2 rounded-lg p-1 hover:bg-sunken"
        >
          <span
            data-testid="user-profile-settings"
            aria-hidden="true"
            className="grid h-7 w-7 place-items-center rounded-full bg-accent text-xs font-bold uppercase text-on-accent"
          >
            {user.username.slice(0, 2)}
          </span>
        </button>
      }
      header={
        <div className="border-b border-line px-2 pb-2 pt-1">
          <p className="max-w-56 truncate font-semibold">{user.username}</p>
          <p className="text-xs text-ink-soft">{user.is_superuser ? t.superuser : t.user}</p>
          <p data-testid="menu_version_button" className="text-xs text-ink-soft">
            {version ? `${version.package} ${version.version}` : " "}
          </p>
          <DropdownMenu.RadioGroup aria-label={t.theme} value={chosen} className="mt-2 flex gap-1">
            {themes.map(({ theme, label, icon: Icon, testId }) => (
              <DropdownMenu.RadioItem
                key={theme}
                value={theme}
                data-testid={testId}
                aria-label={label}
                title={label}
                // The menu stays open: one looks at the theme before choosing another.
                onSelect={(event) => {
                  event.preventDefault();
                  set(theme);
                }}
                className={cn(
                  "flex-1 cursor-pointer rounded-md border p-1.5 outline-none data-[highlighted]:bg-sunken",
                  chosen === theme ? "border-accent text-accent" : "border-line",
                )}
              >
                <Icon size={15} className="mx-auto" aria-hidden="true" />
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </div>
      }
      items={[
        {
          label: t.settings,
          icon: <Settings size={15} />,
          testId: "menu_settings_button",
          onSelect: () => void navigate({ to: "/settings/$section", params: { section: "general" } }),
        },
        ...(user.is_superuser
          ? [
              {
                label: t.adminPage,
                icon: <Users size={15} />,
                testId: "menu_admin_page_button",
                onSelect: () => void navigate({ to: "/admin" }),
              },
            ]
          : []),
        {
          label: t.logout,
          icon: <LogOut size={15} />,
          testId: "menu_logout_button",
          onSelect: () => void logout(),
          line: true,
        },
      ]}
    />
  );
}
