import type { Mutation } from '../mutation.ts';
import type { Point } from '../point.ts';
import type { Doer } from './actor.ts';
import { applyConfirm } from './confirm.ts';
import { applyCreate } from './create.ts';
import { applyDecide } from './decide.ts';
import { applyEdit } from './edit.ts';
import { applyProposeTerm } from './propose-term.ts';
import { applyWithdraw } from './withdraw.ts';

/**
 * The point as it will be once a queued mutation has been applied, as far as this device can tell.
 * Pure: nothing of the server's row is changed. Null when there is nothing to show.
 */
export function applyMutation(point: Point | null, mutation: Mutation, doer: Doer): Point | null {
  switch (mutation.kind) {
    case 'create':
      return applyCreate(point, mutation);
    case 'edit':
      return applyEdit(point, mutation, doer);
    case 'confirm':
      return applyConfirm(point, mutation);
    case 'withdraw':
      return applyWithdraw(point, mutation, doer);
    case 'decide':
      return applyDecide(point, mutation, doer);
    case 'propose_term':
      return applyProposeTerm(point, mutation);
    // A comment changes nothing that a sheet shows.
    case 'comment':
      return point;
  }
}
