import { m } from '../../i18n/generated/messages.js';

/** Who answers for this instance: set at build time by whoever deploys it. */
export interface Publisher {
  readonly name: string;
  readonly contact: string;
  readonly host: string;
  /** Whether the deployer said who they are. */
  readonly isDeclared: boolean;
}

/** Publisher of this instance, or words that say that nobody has declared themselves yet. */
export function publisherOf(environment: Record<string, unknown> = import.meta.env): Publisher {
  const read = (key: string) => {
    const value = environment[key];
    return typeof value === 'string' && value.trim() ? value.trim() : null;
  };
  const name = read('VITE_PUBLISHER_NAME');
  return {
    name: name ?? m.about_publisher_unset(),
    contact: read('VITE_PUBLISHER_CONTACT') ?? m.about_contact_unset(),
    host: read('VITE_PUBLISHER_HOST') ?? m.about_host_unset(),
    isDeclared: name !== null,
  };
}
