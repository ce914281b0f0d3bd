import { m } from '../../i18n/generated/messages.js';

/** Shortest password that the auth server accepts. */
const PASSWORD_LENGTH = 8;

/** What is wrong with an e-mail address as typed, or undefined. */
export function emailError(email: string): string | undefined {
  return /^\S+@\S+\.\S+$/.test(email.trim()) ? undefined : m.account_error_email();
}

/** What is wrong with a password being chosen, or undefined. */
export function newPasswordError(password: string): string | undefined {
  return password.length >= PASSWORD_LENGTH ? undefined : m.account_error_new_password();
}

/** What is wrong with a code as typed or pasted, or undefined. */
export function codeError(code: string): string | undefined {
  return /^\d{6}$/.test(readCode(code)) ? undefined : m.account_error_code();
}

/** The digits of a code: pasted with spaces or a dash, it counts all the same. */
export function readCode(code: string): string {
  return code.replace(/[\s-]/g, '');
}

let typedEmail = '';

/** Keeps an address that was typed for the next form of the same journey: nobody is asked twice. */
export function keepEmail(email: string): void {
  typedEmail = email;
}

/** The address to begin a form with: the signed-in person's, else the one just typed in another form. */
export function knownEmail(own: string | undefined): string {
  return own ?? typedEmail;
}
