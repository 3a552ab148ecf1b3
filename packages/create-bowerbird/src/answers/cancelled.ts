/** Somebody pressed Ctrl-C instead of answering. */
export class Cancelled extends Error {}
