import { problemOf } from '../domain/problems.ts';
import { preparePhoto } from './image-pipeline.ts';

interface Asked {
  readonly id: number;
  readonly file: Blob;
  readonly options: { readonly asItCame?: boolean };
}

/** Runs the photo pipeline away from the interface. One message in, one out. */
addEventListener('message', (event: MessageEvent<Asked>) => {
  const { id, file, options } = event.data;
  preparePhoto(file, options).then(
    (photo) => {
      const transfer = photo.thumb ? [photo.bytes, photo.thumb] : [photo.bytes];
      postMessage({ id, photo }, { transfer });
    },
    (error: unknown) => postMessage({ id, problem: problemOf(error) }),
  );
});
