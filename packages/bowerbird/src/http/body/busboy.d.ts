/** The part of busboy 1.6 that is used; the package ships no types of its own. */
declare module 'busboy' {
  import { type IncomingHttpHeaders } from 'node:http';
  import { type Readable, type Writable } from 'node:stream';

  function busboy(config: busboy.Config): busboy.Busboy;

  namespace busboy {
    interface Config {
      readonly headers: IncomingHttpHeaders;
      readonly defParamCharset?: string;
      readonly limits?: {
        readonly fieldNameSize?: number;
        readonly fieldSize?: number;
        readonly fields?: number;
        readonly fileSize?: number;
        readonly files?: number;
        readonly parts?: number;
        readonly headerPairs?: number;
      };
    }
    interface FieldInfo {
      readonly nameTruncated: boolean;
      readonly valueTruncated: boolean;
    }
    interface FileInfo {
      readonly filename?: string;
      readonly mimeType: string;
    }
    interface Busboy extends Writable {
      on(event: 'field', listener: (name: string | undefined, value: string, info: FieldInfo) => void): this;
      on(event: 'file', listener: (name: string | undefined, content: Readable, info: FileInfo) => void): this;
      on(event: 'error', listener: (error: Error) => void): this;
      on(event: 'fieldsLimit' | 'partsLimit' | 'filesLimit' | 'finish', listener: () => void): this;
    }
  }

  export default busboy;
}
