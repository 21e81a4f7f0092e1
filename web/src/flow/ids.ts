const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** `ChatInput-a1B2c`: the type and five letters that no other node has. */
export function newNodeId(type: string, taken: ReadonlySet<string>, random: () => number = Math.random): string {
  for (;;) {
    let tail = "";
    for (let i = 0; i < 5; i += 1) tail += letters[Math.floor(random() * letters.length)] ?? "x";
    const id = `${type}-${tail}`;
    if (!taken.has(id)) return id;
  }
}
