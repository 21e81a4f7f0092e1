import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, describe } from "@/api/client";
import type { User } from "@/api/types";
import { toast } from "@/stores/toast";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Check, Input, Labelled, PasswordInput } from "@/ui/form";
import { Notice } from "@/ui/notice";

export interface UserDialogProps {
  /** The account to change; a new one when absent. */
  user: User | undefined;
  isSelf: boolean;
  onClose: () => void;
  onSaved: () => void;
}

export function UserDialog({ user, isSelf, onClose, onSaved }: UserDialogProps) {
  const [username, setUsername] = useState(user?.username ?? "");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [active, setActive] = useState(user?.is_active ?? true);
  const [superuser, setSuperuser] = useState(user?.is_superuser ?? false);
  const [touched, setTouched] = useState(false);
  const isMismatch = again !== password;
  const ready = username.trim() !== "" && !isMismatch && (user !== undefined || password !== "");
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
        <Labelled label="Username" required error={touched && !username.trim() ? "Enter a username." : undefined}>
          {(ids) => (
            <Input
              {...ids}
              name="username"
              autoComplete="off"
              autoFocus
              value={username}
              onChange={(event) => setUsername(event.target.value)}
            />
          )}
        </Labelled>
        <Labelled
          label={user ? "New password" : "Password"}
          required={!user}
          error={touched && !user && !password ? "Enter a password." : undefined}
        >
          {(ids) => (
            <PasswordInput
              {...ids}
              name="password"
              autoComplete="new-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Labelled>
        <Labelled
          label="Confirm password"
          required={!user}
          error={isMismatch && (touched || again !== "") ? "The two passwords differ." : undefined}
        >
          {(ids) => (
            <PasswordInput
              {...ids}
              name="confirmpassword"
              autoComplete="new-password"
              value={again}
              onChange={(event) => setAgain(event.target.value)}
            />
          )}
        </Labelled>
        <div className="flex gap-6">
          <Check id="is_active" label="Active" checked={active} disabled={isSelf} onChange={setActive} />
          <Check id="is_superuser" label="Superuser" checked={superuser} disabled={isSelf} onChange={setSuperuser} />
        </div>
      </form>
    </Dialog>
  );
}
