import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pencil, Plus, Search, Trash2 } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { api, describe } from "@/api/client";
import { usersQuery } from "@/api/queries";
import type { User } from "@/api/types";
import { confirm } from "@/stores/confirm";
import { useSession } from "@/stores/session";
import { toast } from "@/stores/toast";
import { Button, IconButton } from "@/ui/button";
import { Input, Select, Switch } from "@/ui/form";
import { Failed, Skeleton } from "@/ui/skeleton";
import { Table } from "@/ui/table";
import { ago, longTime } from "@/util/time";
import { UserDialog } from "./user-dialog";

const sizes = [12, 24, 48, 96];

type Flags = Partial<Pick<User, "is_active" | "is_superuser">>;

export function AdminPage() {
  const me = useSession((state) => state.user);
  const queries = useQueryClient();
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(0);
  const [size, setSize] = useState(12);
  const [edited, setEdited] = useState<User | "new">();
  const wanted = useDeferredValue(search.trim());
  const users = useQuery({ ...usersQuery(wanted, page * size, size), placeholderData: keepPreviousData });
  const total = users.data?.total_count ?? 0;
  const rows = users.data?.users ?? [];
  const pages = Math.max(1, Math.ceil(total / size));
  const refresh = () => queries.invalidateQueries({ queryKey: ["users"] });

  const change = async (user: User, flags: Flags, what: string) => {
    const yes = await confirm({
      title: `${what} “${user.username}”?`,
      text: consequence(flags),
      yes: what,
      danger: flags.is_active === false,
    });
    if (!yes) return;
    try {
      await api(`/api/v1/users/${user.id}`, { method: "PATCH", body: flags });
    } catch (error) {
      toast.error(describe(error));
    }
    await refresh();
  };
  const remove = async (user: User) => {
    const yes = await confirm({
      title: `Delete “${user.username}”?`,
      text: "The account and everything it owns is deleted: flows, projects, keys, variables and files. This cannot be undone.",
      yes: "Delete user",
      danger: true,
    });
    if (!yes) return;
    try {
      await api(`/api/v1/users/${user.id}`, { method: "DELETE" });
      toast.ok(`“${user.username}” deleted.`);
      if (rows.length === 1 && page > 0) setPage(page - 1);
    } catch (error) {
      toast.error(describe(error));
    }
    await refresh();
  };

  return (
    <main className="h-full overflow-y-auto p-4 md:p-6">
      <div className="mx-auto grid max-w-6xl gap-4">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <div>
            <h1 className="text-xl font-semibold">Admin Page</h1>
            <p className="text-sm text-ink-soft">
              Accounts of this server. New accounts can sign in once they are active.
            </p>
          </div>
          <Button look="primary" data-testid="admin-new-user" onClick={() => setEdited("new")}>
            <Plus size={16} aria-hidden="true" /> New User
          </Button>
        </div>
        <div className="relative max-w-sm">
          <Search size={15} aria-hidden="true" className="absolute left-2.5 top-2.5 text-ink-soft" />
          <Input
            type="search"
            aria-label="Search users"
            placeholder="Search Username"
            data-testid="admin-search"
            className="pl-8"
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
              setPage(0);
            }}
          />
        </div>
        {users.isPending ? <Skeleton rows={6} label="Loading users" /> : null}
        {users.isError ? <Failed text={describe(users.error)} retry={() => void users.refetch()} /> : null}
        {users.data && rows.length === 0 ? (
          <p className="py-10 text-center text-ink-soft">No user is called “{wanted}”.</p>
        ) : null}
        {rows.length > 0 ? (
          <Table
            label="Users"
            rows={rows}
            keyOf={(user) => user.id}
            columns={[
              {
                key: "name",
                title: "Username",
                cell: (user) => (
                  <span className="font-medium">
                    {user.username}
                    {user.id === me?.id ? <span className="ml-2 text-xs text-ink-soft">you</span> : null}
                  </span>
                ),
              },
              {
                key: "active",
                title: "Active",
                cell: (user) => (
                  <Switch
                    label={`${user.username} is active`}
                    checked={user.is_active}
                    disabled={user.id === me?.id}
                    onChange={(on) => void change(user, { is_active: on }, on ? "Activate" : "Deactivate")}
                  />
                ),
              },
              {
                key: "superuser",
                title: "Superuser",
                cell: (user) => (
                  <Switch
                    label={`${user.username} is a superuser`}
                    checked={user.is_superuser}
                    disabled={user.id === me?.id}
                    onChange={(on) =>
                      void change(user, { is_superuser: on }, on ? "Make superuser" : "Take superuser rights from")
                    }
                  />
                ),
              },
              {
                key: "login",
                title: "Last login",
                cell: (user) => <span title={longTime(user.last_login_at)}>{ago(user.last_login_at)}</span>,
              },
              {
                key: "created",
                title: "Created",
                cell: (user) => <span title={longTime(user.create_at)}>{ago(user.create_at)}</span>,
              },
              {
                key: "updated",
                title: "Updated",
                cell: (user) => <span title={longTime(user.updated_at)}>{ago(user.updated_at)}</span>,
              },
              {
                key: "actions",
                title: <span className="sr-only">Actions</span>,
                className: "whitespace-nowrap text-right",
                cell: (user) => (
                  <>
                    <IconButton
                      label={`Edit ${user.username}`}
                      data-testid="icon-Pencil"
                      onClick={() => setEdited(user)}
                    >
                      <Pencil size={15} aria-hidden="true" />
                    </IconButton>
                    <IconButton
                      label={`Delete ${user.username}`}
                      data-testid="icon-Trash2"
                      disabled={user.id === me?.id}
                      onClick={() => void remove(user)}
                    >
                      <Trash2 size={15} aria-hidden="true" />
                    </IconButton>
                  </>
                ),
              },
            ]}
          />
        ) : null}
        <nav aria-label="Pages" className="flex flex-wrap items-center justify-between gap-3 text-sm">
          <span data-testid="admin-count">
            {total === 0
              ? "0 users"
              : `${page * size + 1}–${Math.min(total, (page + 1) * size)} of ${total} ${total === 1 ? "user" : "users"}`}
          </span>
          <span className="flex items-center gap-2">
            <Select
              aria-label="Users per page"
              className="w-20"
              value={size}
              onChange={(event) => {
                setSize(Number(event.target.value));
                setPage(0);
              }}
            >
              {sizes.map((option) => (
                <option key={option}>{option}</option>
              ))}
            </Select>
            <Button size="sm" disabled={page === 0} onClick={() => setPage(page - 1)}>
              Back
            </Button>
            <span>
              Page {page + 1} of {pages}
            </span>
            <Button size="sm" disabled={page + 1 >= pages} onClick={() => setPage(page + 1)}>
              Next
            </Button>
          </span>
        </nav>
      </div>
      {edited ? (
        <UserDialog
          user={edited === "new" ? undefined : edited}
          isSelf={edited !== "new" && edited.id === me?.id}
          onClose={() => setEdited(undefined)}
          onSaved={() => void refresh()}
        />
      ) : null}
    </main>
  );
}

function consequence(flags: Flags): string {
  if (flags.is_active === false) return "The user is signed out at once, and their API keys stop working.";
  if (flags.is_active) return "The user can sign in from now on.";
  if (flags.is_superuser) return "A superuser can manage every account of this server.";
  return "The user keeps the account, but cannot manage others any more.";
}
