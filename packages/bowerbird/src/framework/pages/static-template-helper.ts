import { StaticFiles } from '#http';
import { TemplateHelper, TemplateHelperProvider } from '#templates';

/** `{{static 'admin/admin.css'}}`: the address of a static file, with its content hash. */
@TemplateHelper('static')
export class StaticTemplateHelper extends TemplateHelperProvider {
  constructor(private readonly files: StaticFiles) {
    super();
  }

  call([path]: readonly unknown[]): string {
    return this.files.url(String(path));
  }
}
