/** A mail as the person reads it: plain text, in French. */
export interface MailText {
  subject: string;
  text: string;
}

const signature = `\n\nSi vous n'êtes pas à l'origine de cette demande, ne faites rien : sans ce code, rien ne change.\n\nCapitelle\n`;

function codeMail(subject: string, purpose: string): (code: string) => MailText {
  return (code) => ({
    subject: `${subject} : ${code}`,
    text: `Bonjour,\n\n${purpose}\n\n    ${code}\n\nIl reste valable une heure.${signature}`,
  });
}

/** The mails that accounts send: each gives a code to type in the app, no link to follow. */
export const mailTexts = {
  confirmation: codeMail(
    'Votre code de confirmation',
    'Pour confirmer votre adresse et ouvrir votre compte, saisissez ce code dans l’application :',
  ),
  signIn: codeMail('Votre code de connexion', 'Pour vous connecter, saisissez ce code dans l’application :'),
  recovery: codeMail(
    'Votre code pour changer de mot de passe',
    'Pour choisir un nouveau mot de passe, saisissez ce code dans l’application :',
  ),
  emailChange: codeMail(
    'Votre code pour changer d’adresse',
    'Pour confirmer le changement d’adresse de votre compte, saisissez ce code dans l’application :',
  ),
  reauthentication: codeMail(
    'Votre code de vérification',
    'Pour confirmer que c’est bien vous, saisissez ce code dans l’application :',
  ),
} as const;
