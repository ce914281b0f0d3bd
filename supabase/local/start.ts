/** `npm start`: the built application and the whole backend on one address, until Ctrl-C. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalServer, type LocalServer } from './server.ts';
import { readSettings } from './settings.ts';
import { runCommand } from './run-command.ts';

await runCommand(async () => {
  const settings = readSettings(process.env);
  const staticDir = join(import.meta.dirname, '../../dist');
  const announce = (line: string) => console.info(line);
  if (!existsSync(settings.dataDir))
    announce('Première ouverture : préparation de la base (quelques secondes)…');
  const server = await createLocalServer({ ...settings, staticDir, announce });
  announce(`Capitelle est ouverte sur ${settings.publicUrl ?? server.url} (Ctrl-C pour arrêter)`);
  if (settings.demo) announce('Démonstration : volontaire@capitelle.test, mot de passe capitelle-demo');
  stopOnSignal(server);
});

function stopOnSignal(server: LocalServer): void {
  let isStopping = false;
  const stop = () => {
    if (isStopping) process.exit(1);
    isStopping = true;
    void runCommand(() => server.close()).then(() => process.exit());
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
