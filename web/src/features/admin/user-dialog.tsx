import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, describe } from "@/api/client";
import type { User } from "@/api/types";
import { toast } from "@/stores/toast";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Check } from "@/ui/form";
import { Notice } from "@/ui/notice";
import { noPassword, PasswordFields } from "@/ui/password-fields";
import { TextField } from "@/ui/text-field";
import { t } from "./messages";

export interface UserDialogProps {
  /** The account to change; a new one when absent. */
  user: User | undefined;
  isSelf: boolean;
  onClose: () => void;
  onSaved: () => void;
}

export function UserDialog({ user, isSelf, onClose, onSaved }: UserDialogProps) {
  const [username, setUsername] = useState(user?.username ?? "");
  const [typed, setTyped] = useState(noPassword);
  const [active, setActive] = useState(user?.is_active ?? true);
  const [superuser, setSuperuser] = useState(user?.is_superuser ?? false);
  const [touched, setTouched] = useState(false);
  const { password, again } = typed;
  const ready = username.trim() !== "" && again === password && (user !== undefined || password !== "");
  const save = useMutation({
    mutationFn: async () => {
      const name = username.trim();
      const flags = { is_active: active, is_superuser: superuser };
      if (user) {
        const body = {
          ...(name === user.username ? {} : { username: name }),
          ...(isSelf ? {} : flags),
          ...(password ? { password } : {}),
        };
        return api<User>(`/api/v1/users/${user.id}`, { method: "PATCH", body });
      }
      const made = await api<User>("/api/v1/users/", { method: "POST", body: { username: name, password } });
      const isRight = made.is_active === active && made.is_superuser === superuser;
      return isRight ? made : api<User>(`/api/v1/users/${made.id}`, { method: "PATCH", body: flags });
    },
    onSuccess: (saved) => {
      toast.ok(user ? t.saved(saved.username) : t.canSignIn(saved.username, saved.is_active ? t.now : t.onceActivated));
      onSaved();
      onClose();
    },
    onError: onSaved,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={user ? t.edit2(user.username) : t.newUser}
      description={user ? t.typeAPasswordOnlyTo : undefined}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look="primary" type="submit" form="user-form" busy={save.isPending}>
            {t.save}
          </Button>
        </>
      }
    >
      <form
        id="user-form"
        className="grid gap-4"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTouched(true);
          if (ready) save.mutate();
        }}
      >
        {save.isError ? <Notice tone="danger">{describe(save.error)}</Notice> : null}
        <TextField
          label={t.username}
          required
          error={touched && !username.trim() ? t.enterAUsername : undefined}
          name="username"
          autoComplete="off"
          autoFocus
          value={username}
          onChange={setUsername}
        />
        <PasswordFields
          labels={[user ? t.newPassword : t.password, t.confirmPassword]}
          required={!user}
          value={typed}
          onChange={setTyped}
          touched={touched}
        />
        <div className="flex gap-6">
          <Check id="is_active" label={t.active} checked={active} disabled={isSelf} onChange={setActive} />
          <Check id="is_superuser" label={t.superuser} checked={superuser} disabled={isSelf} onChange={setSuperuser} />
        </div>
      </form>
    </Dialog>
  );
}
