import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, describe } from "@/api/client";
import type { User } from "@/api/types";
import { useSession } from "@/stores/session";
import { toast } from "@/stores/toast";
import { Button } from "@/ui/button";
import { Notice } from "@/ui/notice";
import { isRepeated, noPassword, PasswordFields } from "@/ui/password-fields";
import { TextField } from "@/ui/text-field";
import { t } from "./messages";

export default function General() {
  return (
    <div className="grid max-w-lg gap-8">
      <Profile />
      <Password />
    </div>
  );
}

function Profile() {
  const { user, setUser } = useSession();
  const [name, setName] = useState(user?.username ?? "");
  const save = useMutation({
    mutationFn: () => api<User>(`/api/v1/users/${user?.id}`, { method: "PATCH", body: { username: name.trim() } }),
    onSuccess: (saved) => {
      setUser(saved);
      toast.ok(t.profileSaved);
    },
  });
  if (!user) return null;
  return (
    <form
      className="grid gap-4 rounded-xl border border-line bg-surface p-4"
      aria-label={t.profile}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <h2 className="font-semibold">{t.profile}</h2>
      {save.isError ? <Notice tone="danger">{describe(save.error)}</Notice> : null}
      <TextField
        label={t.username}
        required
        hint={user.is_superuser ? t.youAreASuperuser : undefined}
        autoComplete="username"
        value={name}
        onChange={setName}
      />
      <Button
        type="submit"
        className="justify-self-start"
        busy={save.isPending}
        disabled={!name.trim() || name.trim() === user.username}
      >
        {t.save}
      </Button>
    </form>
  );
}

function Password() {
  const user = useSession((state) => state.user);
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState(noPassword);
  const save = useMutation({
    mutationFn: () =>
      api<User>(`/api/v1/users/${user?.id}/reset-password`, {
        method: "PATCH",
        body: { current_password: current, password: next.password },
      }),
    onSuccess: () => {
      setCurrent("");
      setNext(noPassword);
      toast.ok(t.passwordChangedYourOtherSessions);
    },
  });
  return (
    <form
      className="grid gap-4 rounded-xl border border-line bg-surface p-4"
      aria-label={t.password}
      onSubmit={(event) => {
        event.preventDefault();
        if (current && isRepeated(next)) save.mutate();
      }}
    >
      <h2 className="font-semibold">{t.password}</h2>
      {save.isError ? <Notice tone="danger">{describe(save.error)}</Notice> : null}
      <TextField
        label={t.currentPassword}
        required
        secret
        autoComplete="current-password"
        value={current}
        onChange={setCurrent}
      />
      <PasswordFields
        labels={[t.newPassword, t.confirmTheNewPassword]}
        value={next}
        onChange={setNext}
        touched={false}
      />
      <Button
        type="submit"
        className="justify-self-start"
        busy={save.isPending}
        disabled={!current || !isRepeated(next)}
      >
        {t.changePassword}
      </Button>
    </form>
  );
}
