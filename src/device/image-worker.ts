import { problemOf } from '../domain/problems.ts';
import { preparePhoto } from './image-pipeline.ts';

/** Runs the photo pipeline away from the interface. One message in, one out. */
addEventListener('message', (event: MessageEvent<{ id: number; file: Blob }>) => {
  const { id, file } = event.data;
  preparePhoto(file).then(
    (photo) => {
      const transfer = photo.thumb ? [photo.bytes, photo.thumb] : [photo.bytes];
      postMessage({ id, photo }, { transfer });
    },
    (error: unknown) => postMessage({ id, problem: problemOf(error) }),
  );
});
