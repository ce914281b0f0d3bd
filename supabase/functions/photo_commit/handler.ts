import { failure } from '../_shared/answers.ts';
import type { FunctionHandler } from '../_shared/env.ts';

export const handler: FunctionHandler = async () => failure(503, 'busy');
