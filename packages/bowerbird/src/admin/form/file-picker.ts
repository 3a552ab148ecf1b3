import { FileChooser, type WidgetState, type WidgetView } from '#forms';

/** A file chooser that shows the present image. */
export class FilePicker extends FileChooser {
  override readonly template: string = 'admin/widgets/file';

  constructor(private readonly image: boolean) {
    super();
  }

  override view(state: WidgetState): WidgetView {
    const view = super.view(state);
    return { ...view, extra: { ...view.extra, image: this.image, label: state.label } };
  }
}
