/** Every number the product is made of, with its reason. Units are in the names. */
export const LIMITS = {
  /** Plain text of a comment: a screenful; the server refuses more (contract §3). */
  commentLength: 4_000,
  /** What somebody without account says is wrong; the server refuses more. */
  reportLength: 2_000,
  /** JPEG of a report at most, bytes: what its function decodes within its time. */
  reportPhotoBytes: 3 * 1024 * 1024,
  /** A proposed term: longer is a sentence, not a term (contract §3). */
  termLength: 120,
  /** What is told beside it: where it is said, what it means. */
  termNoteLength: 1_000,

  /** Mutations in one push: more overflows PostgreSQL's cache of 64 subtransactions. */
  pushMutations: 50,
  /** Bytes of a push body; the server answers 413 above (contract §3). */
  pushBytes: 256 * 1024,
  /** Room left for device, client and braces around the mutations of a push. */
  pushEnvelopeBytes: 2 * 1024,
  /** Pushes in flight at once, on disjoint points. */
  pushLanes: 4,
  /** Whoever saved so recently is at work: sending takes one lane, that their screen stays theirs. */
  atWorkMs: 3_000,
  /** Rows of the outbox read at once: ten full pushes, a few milliseconds of an old phone. */
  outboxRows: 500,
  /** A decision leaves this long after it was taken: that is its undo (ux: toast of 8 s). */
  decisionUndoMs: 8_000,

  /** Items of one page of the queue: more than is decided before the next page is there. */
  queuePage: 50,
  /** Items that one decision may take together (contract: `moderation_bulk`). */
  bulkItems: 100,
  /** Items taken along to decide without network: a long train journey. */
  itemsTaken: 200,
  /** Photos taken along with them, bytes: a hundred large ones. */
  photosTakenBytes: 60 * 1024 * 1024,

  /** Rows of the outbox looked at after each change of it, to hear of what is new. */
  glanceRows: 100,
  /** Rows of the first one on an empty phone: a map to look at within a second or two. */
  firstPullRows: 250,
  /** Rows of one pull: a page a phone writes in one breath. */
  pullRows: 1_000,
  /** Rows asked of a local database in one breath: a save that comes meanwhile waits some milliseconds. */
  rowsAtOnce: 20,
  /** Rows of one snapshot page: larger, for they come sorted and need no join. */
  snapshotRows: 2_000,
  /** Receipts asked at once after a restored backup (contract §3). */
  receiptsAsked: 500,

  /** The copy is compared with the server at least that often: a day's errors, at most. */
  reconcileEveryMs: 86_400_000,
  /** Buckets compared in one call: the server reads each of them whole, within 8 s. */
  digestsAsked: 100,
  /** Ids of one page of a comparison (contract §3). */
  idsAsked: 5_000,
  /** Rows to repair that lie nearer than that are fetched in one call. */
  repairGapRows: 50,

  /** A data call that has not answered by then is given up and tried again. */
  callTimeoutMs: 30_000,
  /** Some other server is asked for a vocabulary within 20 s, and what came is read. */
  addressTimeoutMs: 60_000,
  /** A photo of 8 MB at 200 kbit/s needs more than five minutes. */
  photoTimeoutMs: 420_000,
  /** First wait after a failure, doubled each time… */
  backoffFirstMs: 2_000,
  /** …up to this: a phone left in a pocket still tries every five minutes, for ever. */
  backoffMaxMs: 300_000,
  /** Nothing is ever asked to wait longer: what does was put off while the clock was wrong. */
  longestWaitMs: 3_600_000,
  /** A round that has not ended by then is cut, whatever waits in it: no step may hold the rest. */
  roundTimeoutMs: 900_000,
  /** Rounds planned by the clock are never nearer than that: no busy loop, whatever the clock says. */
  dueFloorMs: 250,
  /** A resync asked again and again is a server's fault: the round ends there. */
  resyncRounds: 3,
  /** A sync worker that has not answered by then is taken for dead: an old phone needs a second or two. */
  engineAnswerMs: 20_000,
  /** Single mutations or photos that fail in a row before a round gives up until the next one. */
  failuresInARow: 3,
  /** Quiet pull of what others did, while the app is in sight. */
  pollMs: 60_000,

  /** What was sent stays this long, to be shown, and re-queued if a restored server forgot it. */
  sentKeptDays: 30,
  /** Local copy of points of an area, at most; oldest cells go first. */
  cacheBytes: 60 * 1024 * 1024,
  /** One row in so many is weighed: within a few per cent of all of them, for a twentieth of the work. */
  weighedOneIn: 20,
  /** Less room than that is left to captures: a hundred photos. The neighbourhood is not pulled any more. */
  freeBytesFloor: 50 * 1024 * 1024,
  /** A device found full is left alone that long before the neighbourhood is pulled again. */
  fullForMs: 86_400_000,
  /** Differences below that are the network's as much as the clock's. */
  clockSkewNotedMs: 30_000,
  /** A clock further from the server's than that is told: no time zone, no drift makes it. */
  clockSkewToldMs: 3_600_000,
  /** Cells followed at most: nine around the phone and around the last hundred places. */
  cellsFollowed: 900,
  /** Points nearby that a capture may name, doubted or ruled out: what the server takes. */
  comparedPoints: 20,
  /** A move shorter than that changes nothing of what is followed around the device. */
  rememberedMoveMeters: 500,
  /** Zoom of the cells that a phone follows: about 7 km wide in Occitanie. */
  cellZoom: 12,

  /** Zooms of the base map that a sector keeps: from a valley to a doorstep, beyond which it is enlarged. */
  areaZoomFrom: 12,
  areaZoomTo: 17,
  /** A large commune's ends there rather than be refused: its streets and their names are still legible. */
  areaZoomToLarge: 16,
  /** Squares of one sector at most: ten kilometres by ten whole, twenty by twenty without the last zoom. */
  areaTiles: 6_000,
  /** All sectors together, bytes: a phone's owner has other uses for it. */
  areasBytes: 300 * 1024 * 1024,
  /** Room that a sector leaves free: weeks of captures with their photos. */
  roomLeftBytes: 150 * 1024 * 1024,
  /** A square of a drawn map, while none of this instance's was weighed (Plan IGN: 5 to 40 kB). */
  tileBytes: 16_000,
  /** Squares weighed from which their own mean is better. */
  tilesKnownEnough: 50,
  /** A point in the copy, its index included. */
  pointBytes: 900,
  /** Squares asked at once: what browsers open to one server. */
  tilesInFlight: 4,
  /** Squares between two notes of the progress: a bar that moves, few writes. */
  tilesBetweenNotes: 20,
  /** A sector older than that is said to be old: maps and points age. */
  areaOldDays: 90,
  /** Around the phone: how far, and how many, known things keep a small picture, of 20 kB. Nobody asked for them: little. */
  thumbsAroundMeters: 2_000,
  thumbsAround: 100,
  /** With those of the sectors taken along: 20 MB. */
  thumbsKept: 1_000,
  /** After a round of the sync more may follow: pictures wait until it is quiet. */
  thumbsAfterMs: 5_000,
  /** Half-sides of the sectors offered around the person. */
  areaRadiiMeters: [1_000, 2_500, 5_000],

  /** A map hidden for longer gives its memory back: a glance at another tab is shorter, a photo longer. */
  mapReleasedAfterMs: 1_000,

  /** Longest side of a photo that leaves the phone: legible when zoomed, about 500 kB. */
  photoSidePixels: 2_000,
  photoQuality: 0.82,
  /** Longest side of its thumbnail (contract §3). */
  thumbSidePixels: 320,
  /** Largest photo the private bucket accepts (contract §3). */
  photoBytes: 8 * 1024 * 1024,
  /** Largest file of the camera or gallery that is made smaller: 200 megapixels weigh 50 MB. */
  photoInputBytes: 64 * 1024 * 1024,
  /** Largest one that is kept as it came, where this device cannot make it smaller. */
  photoKeptBytes: 20 * 1024 * 1024,
  /** A photo that is not kept or made smaller by then never will be: an old phone takes ten seconds. */
  photoWorkMs: 120_000,
  /** Until a saved photo for whose smaller copy there was no room is tried again. */
  photoRetryMs: 300_000,
  /**
   * Times that a photo is decoded before it is kept as it came: decoding may be what kills the app. Two deaths may
   * come of something else; a third time in a row is the photo's.
   */
  photoDecodings: 3,
  /** A line under a photo (the server cuts nothing, screens do). */
  captionLength: 200,
  /** Photos of one point, when a theme says nothing: enough for all sides and details of a building. */
  photosPerPoint: 10,

  /** Captures of which it is remembered that they became something said of a known point. */
  becameOtherKept: 100,

  /** Longest wait for a good position. */
  fixWindowMs: 20_000,
  /** Accuracy at which waiting longer brings nothing. */
  fixGoodMeters: 10,
  /** Above it the person is asked to place the point by hand. */
  fixPoorMeters: 30,
  /** Above it the receiver knows the district at best: placing by hand is the only way. */
  fixUselessMeters: 1_000,
  /** Largest accuracy that is stored: `private.check_geom`. */
  accuracyLargestMeters: 1_000_000,
  /** A fix older than that tells where the phone was, not where it is. */
  fixMaxAgeMs: 60_000,
  /** Two answers of a live receiver are as far apart by their dates as by their arrivals, but for that. */
  fixJitterMs: 5_000,
  /** Further from the phone than that a place is not set on site: how far would tell where its author is. The server's bound too. */
  movedKeptMeters: 200,
  /** A capture begun longer ago may be taken up again elsewhere: its place is not searched unasked. */
  draftYoungMs: 300_000,
  /** Fixes further than this many accuracies from the best one are outliers. */
  fixOutlierSigmas: 3,
  /** Two positions closer than that are one: below it no instrument tells them apart. */
  positionToleranceMeters: 1,

  /** Lights of a street stand nearer than that only when one was captured twice… */
  seriesSpacingMinMeters: 8,
  /** …and further apart when one was forgotten (usual: 20 to 40 m). */
  seriesSpacingMaxMeters: 80,
  /** Radius in which the same thing may already be known, when a theme says nothing. */
  duplicateRadiusMeters: 50,
  /** An accuracy never widens the search for duplicates by more than that. */
  duplicateAccuracyMaxMeters: 100,
  /** Names that alike are one: what pg_trgm calls similarity, the bound by which moderators are told of it. */
  alikeNames: 0.4,
  /** "Around me": what a person can walk to and see. */
  nearbyRadiusMeters: 500,
  /** Rows of that list: a street lined with lights has more than anybody scrolls through. */
  nearbyShown: 60,
  /** Candidates shown while capturing: a strip, not a list. */
  duplicatesShown: 5,

  /** Characters of a text and of a long text, when the form says nothing; the server refuses more. */
  textLength: 500,
  longTextLength: 10_000,
  /** Characters of an answer by code that the form does not list. */
  codeLength: 200,
  /** Answers to one question of several choices, and items of one group: beyond is a machine's mistake. */
  choicesGiven: 100,
  groupItems: 50,
  /** Beyond, a JSON number loses its units on the way. */
  largestNumber: 1e15,

  /** Draft autosave after a change: below what a person notices, above a keystroke. */
  autosaveMs: 300,
  /** Drafts and captures say "saved" only after the transaction; a strict save takes under 10 ms. */
  searchResults: 20,
  /** Long work on the page's thread rests after that, half a frame: the screen answers meanwhile. */
  sliceMs: 8,
  /** Terms whose use is remembered: more than anybody calls their own. */
  usedTerms: 40,
  /** Terms offered before anything is typed: what a thumb reaches without scrolling. */
  usedTermsShown: 5,
  /** The past counts half as much after each month: seasons change what is surveyed. */
  useHalvesAfterDays: 30,
  /** Side of the cell in which a blurred point hides (contract §2). */
  blurCellMeters: 1_000,
  /** Accuracy announced for it: half the diagonal of the cell. */
  blurAccuracyMeters: 707,
  /** Receipts listed in the outbox: two screens; a screen of their own tells the rest. */
  receiptsShown: 30,
  /** Receipts read at once: a busy month; the oldest of a busier one are on the server. */
  receiptsRead: 500,
  /** Local outbox older than this is shown as worrying. */
  oldestUnsentWarningDays: 1,
} as const;
