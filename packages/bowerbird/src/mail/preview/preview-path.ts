/** Where mails are shown in development, without the first slash. */
export const PREVIEW_PATH = '__mail';
