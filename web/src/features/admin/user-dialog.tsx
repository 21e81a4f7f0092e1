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
      toast.ok(
        user
          ? `“${saved.username}” saved.`
          : `“${saved.username}” can sign in ${saved.is_active ? "now" : "once activated"}.`,
      );
      onSaved();
      onClose();
    },
    onError: onSaved,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={user ? `Edit “${user.username}”` : "New User"}
      description={user ? "Type a password only to set a new one." : undefined}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form="user-form" busy={save.isPending}>
            Save
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
          label="Username"
          required
          error={touched && !username.trim() ? "Enter a username." : undefined}
          name="username"
          autoComplete="off"
          autoFocus
          value={username}
          onChange={setUsername}
        />
        <PasswordFields
          labels={[user ? "New password" : "Password", "Confirm password"]}
          required={!user}
          value={typed}
          onChange={setTyped}
          touched={touched}
        />
        <div className="flex gap-6">
          <Check id="is_active" label="Active" checked={active} disabled={isSelf} onChange={setActive} />
          <Check id="is_superuser" label="Superuser" checked={superuser} disabled={isSelf} onChange={setSuperuser} />
        </div>
      </form>
    </Dialog>
  );
}
