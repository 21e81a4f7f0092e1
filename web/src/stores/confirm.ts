import { create } from "zustand";

export interface Question {
  title: string;
  text: string;
  /** What the button says that goes ahead. */
  yes: string;
  danger?: boolean;
}

interface Confirm {
  question: Question | undefined;
  answer: (yes: boolean) => void;
}

export const useConfirm = create<Confirm>(() => ({ question: undefined, answer: () => undefined }));

/** Asks, and answers whether the person said yes. */
export function confirm(question: Question): Promise<boolean> {
  return new Promise((resolve) => {
    useConfirm.setState({
      question,
      answer: (yes) => {
        useConfirm.setState({ question: undefined, answer: () => undefined });
        resolve(yes);
      },
    });
  });
}
