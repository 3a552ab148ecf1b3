import { type UploadedFile } from '#http';
import { type Disk } from '#storage';

/** Files that were put on disks for a row which is not saved yet. */
export class StoredFiles {
  private readonly stored: { readonly disk: Disk; readonly name: string }[] = [];

  /** Stores an upload and returns its final name. @throws StorageFullError */
  async store(disk: Disk, folder: string, file: UploadedFile): Promise<string> {
    const name = await disk.save(folder + file.fileName, file.open());
    this.stored.push({ disk, name });
    return name;
  }

  /** Deletes them again, because the row was not saved. The first error counts, not those of cleaning up. */
  async discard(): Promise<void> {
    await Promise.allSettled(this.stored.map(({ disk, name }) => disk.delete(name)));
  }
}
