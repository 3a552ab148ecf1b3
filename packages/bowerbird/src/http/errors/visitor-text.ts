const SENTENCES: Readonly<Record<number, string>> = {
  400: 'The request could not be understood. Go back and try again.',
  401: 'You need to log in to see this page.',
  403: 'You do not have permission to see this page.',
  404: 'There is nothing at this address. It may have moved, or the link may be wrong.',
  405: 'This page does not answer that kind of request.',
  409: 'Somebody else has changed this in the meantime.',
  413: 'What you sent is larger than this site accepts.',
  415: 'This kind of content is not accepted here.',
  429: 'You have sent too many requests. Wait a moment and try again.',
  500: 'Something went wrong on our side. It has been recorded and will be looked into.',
  503: 'The site cannot answer right now. Try again in a few minutes.',
  507: 'There is no room to keep what you sent. Try again later.',
};

/** One sentence for the visitor about a status. */
export function visitorText(status: number): string {
  return SENTENCES[status] ?? SENTENCES[status < 500 ? 400 : 500]!;
}
