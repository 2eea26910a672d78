// SPDX-License-Identifier: Apache-2.0
// The words of a message as its reader gets them, in their language. Not here: a letter on paper (letter_page.tsx).
export function MessageText({ language, subject, text }: { language: string; subject: string; text: string }) {
  return (
    <div className="look" lang={language}>
      {subject && (
        <p>
          <strong>{subject}</strong>
        </p>
      )}
      {text.split(/\n{2,}/).map((one, at) => (
        <p key={at}>{one}</p>
      ))}
    </div>
  );
}
