import { Injectable } from '@nestjs/common';
import { StaticDirectory } from 'bowerbird/http';

/** What pages refer to: `{{static "guestbook/guestbook.css"}}` is the file `static/guestbook/guestbook.css`. */
@StaticDirectory('guestbook')
@Injectable()
export class GuestbookAssets {
  readonly url = new URL('../../static/guestbook/', import.meta.url);
}
