/**
 * Bugs that field tools ship, each behind a name. Every one of them must be caught by the model: a
 * model that lets one through proves nothing of the code that lacks it.
 */
export const MUTANTS = {
  no_receipts: 'the server keeps no receipts: what is sent twice is done twice',
  naive_cursor: 'the cursor is a sequence number, and passes transactions that commit late',
  delete_before_ack: 'the phone forgets a mutation when it sends it',
  row_last_write_wins: 'the server takes every value it is sent, whatever the author had seen',
  server_made_ids: 'the server names new points',
  cursor_before_rows: 'the phone writes the cursor, then the rows',
  empty_answer_trusted: 'an empty or anonymous answer is believed',
  photo_freed_before_confirmation: 'bytes go once uploaded, whatever photo_commit answers',
  gone_ignored: 'the phone does not listen to what left its view',
  edit_overtakes_create: 'the mutations of a point leave in any order',
  poison_not_isolated: 'a batch that fails is sent again as it was',
  coalesced_after_sending: 'an edit joins a mutation that has already left',
  waiting_overtakes_forgotten: 'what waits leaves for a restored server before what that one has forgotten',
  sent_forgotten: 'what was acknowledged is not queued again after a restored backup',
} as const;

export type Mutant = keyof typeof MUTANTS;
