import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { MonitorSmartphone, Pencil, Plus, Trash2 } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { usersQuery } from "@/api/queries";
import { server } from "@/api/server";
import type { User } from "@/api/types";
import { SessionList } from "@/features/accounts/session-list";
import { useRemove } from "@/hooks/use-remove";
import { confirm } from "@/stores/confirm";
import { useSession } from "@/stores/session";
import { toast } from "@/stores/toast";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Select, Switch } from "@/ui/form";
import { Pager } from "@/ui/pager";
import { Records } from "@/ui/records";
import { SearchBox } from "@/ui/search-box";
import { describe } from "@/util/describe";
import { ago, longTime } from "@/util/time";
import { AdminFrame } from "./admin-frame";
import { t } from "./messages";
import { UserDialog } from "./user-dialog";

const sizes = [12, 24, 48, 96];

type Flags = Partial<Pick<User, "is_active" | "is_superuser">>;

export function AdminPage() {
  const me = useSession((state) => state.user);
  const queries = useQueryClient();
  const removeUser = useRemove();
  const [search, setSearch] = useState("");
  const [state, setState] = useState<"" | "active" | "waiting">("");
  const [page, setPage] = useState(0);
  const [size, setSize] = useState(12);
  const [edited, setEdited] = useState<User | "new">();
  const [sessionsOf, setSessionsOf] = useState<User>();
  const wanted = useDeferredValue(search.trim());
  const isActive = state === "" ? undefined : state === "active";
  const users = useQuery({ ...usersQuery(wanted, isActive, page * size, size), placeholderData: keepPreviousData });
  const total = users.data?.total_count ?? 0;
  const rows = users.data?.users ?? [];
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
      await server.PATCH("/api/v1/users/{user_id}", { params: { path: { user_id: user.id } }, body: flags });
    } catch (error) {
      toast.error(describe(error));
    }
    await refresh();
  };
  const remove = async (user: User) => {
    const done = await removeUser({
      question: {
        title: t.deleteText(user.username),
        text: t.theAccountAndEverythingIt,
        yes: t.deleteUser,
      },
      run: () => server.DELETE("/api/v1/users/{user_id}", { params: { path: { user_id: user.id } } }),
      done: t.deleted(user.username),
      stale: [["users"]],
    });
    if (done && rows.length === 1 && page > 0) setPage(page - 1);
  };

  return (
    <AdminFrame
      text={t.accountsOfThisServerNew}
      action={
        <Button look="primary" data-testid="admin-new-user" onClick={() => setEdited("new")}>
          <Plus size={16} aria-hidden="true" /> {t.newUser}
        </Button>
      }
    >
      <div className="flex flex-wrap gap-2">
        <SearchBox
          label={t.searchUsers}
          placeholder={t.searchUsername}
          testId="admin-search"
          className="min-w-48 max-w-sm flex-1"
          value={search}
          onChange={(text) => {
            setSearch(text);
            setPage(0);
          }}
        />
        <Select
          aria-label={t.whichAccounts}
          data-testid="admin-filter"
          className="w-40"
          value={state}
          onChange={(event) => {
            const next = event.target.value;
            setState(next === "active" || next === "waiting" ? next : "");
            setPage(0);
          }}
        >
          <option value="">{t.allAccounts}</option>
          <option value="active">{t.active}</option>
          <option value="waiting">{t.notActive}</option>
        </Select>
      </div>
      <Records
        label={t.users}
        loading={users}
        rows={rows}
        keyOf={(user) => user.id}
        empty={wanted ? t.noUserIsCalled(wanted) : t.noSuchAccount}
        columns={[
          {
            key: "name",
            title: t.username,
            cell: (user) => (
              <span className="font-medium">
                {user.username}
                {user.id === me?.id ? <span className="ml-2 text-xs text-ink-soft">{t.you}</span> : null}
              </span>
            ),
          },
          {
            key: "active",
            title: t.active,
            cell: (user) => (
              <Switch
                label={t.isActive(user.username)}
                checked={user.is_active}
                disabled={user.id === me?.id}
                onChange={(on) => void change(user, { is_active: on }, on ? t.activate : t.deactivate)}
              />
            ),
          },
          {
            key: "superuser",
            title: t.superuser,
            cell: (user) => (
              <Switch
                label={t.isASuperuser(user.username)}
                checked={user.is_superuser}
                disabled={user.id === me?.id}
                onChange={(on) =>
                  void change(user, { is_superuser: on }, on ? t.makeSuperuser : t.takeSuperuserRightsFrom)
                }
              />
            ),
          },
          {
            key: "login",
            title: t.lastLogin,
            cell: (user) => <span title={longTime(user.last_login_at)}>{ago(user.last_login_at)}</span>,
          },
          {
            key: "created",
            title: t.created,
            cell: (user) => <span title={longTime(user.create_at)}>{ago(user.create_at)}</span>,
          },
          {
            key: "updated",
            title: t.updated,
            cell: (user) => <span title={longTime(user.updated_at)}>{ago(user.updated_at)}</span>,
          },
          {
            key: "actions",
            title: <span className="sr-only">{t.actions}</span>,
            className: "whitespace-nowrap text-right",
            cell: (user) => (
              <>
                <IconButton label={t.edit(user.username)} data-testid="icon-Pencil" onClick={() => setEdited(user)}>
                  <Pencil size={15} aria-hidden="true" />
                </IconButton>
                <IconButton
                  label={t.sessionsOf(user.username)}
                  data-testid="icon-Sessions"
                  onClick={() => setSessionsOf(user)}
                >
                  <MonitorSmartphone size={15} aria-hidden="true" />
                </IconButton>
                <IconButton
                  label={t.deleteText2(user.username)}
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
      <Pager
        page={page}
        size={size}
        total={total}
        noun={[t.user, t.users2]}
        onPage={setPage}
        sizes={sizes}
        onSize={(next) => {
          setSize(next);
          setPage(0);
        }}
        testId="admin-count"
      />
      {sessionsOf ? (
        <Dialog open onClose={() => setSessionsOf(undefined)} size="xl" title={t.sessionsOf2(sessionsOf.username)}>
          <SessionList user={sessionsOf} />
        </Dialog>
      ) : null}
      {edited ? (
        <UserDialog
          user={edited === "new" ? undefined : edited}
          isSelf={edited !== "new" && edited.id === me?.id}
          onClose={() => setEdited(undefined)}
          onSaved={() => void refresh()}
        />
      ) : null}
    </AdminFrame>
  );
}

function consequence(flags: Flags): string {
  if (flags.is_active === false) return t.theUserIsSignedOut;
  if (flags.is_active) return t.theUserCanSignIn;
  if (flags.is_superuser) return t.aSuperuserCanManageEvery;
  return t.theUserKeepsTheAccount;
}
