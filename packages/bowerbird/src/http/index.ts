export { attachForm, formValue, FormValues, formValues } from './body/form-values.js';
export { currentRequest, currentResponse, HTTP_REQUEST, HTTP_RESPONSE } from './context/request-keys.js';
export { type ErrorPageModel, ErrorPages } from './errors/error-pages.js';
export { ErrorResponder, type ProblemForm } from './errors/error-responder.js';
export { HttpExceptionFilter } from './errors/exception.filter.js';
export { PathMethods } from './fallback/path-methods.js';
export { WelcomePage, type WelcomeLink } from './fallback/welcome-page.js';
export { Readiness, ReadinessProbe } from './health/readiness.js';
export { type HttpHandler, type HttpRequest, type HttpResponse, type UploadedFile } from './http-request.js';
export { resolveHttp } from './http-settings.js';
export {
  BadRequestError,
  ConflictError,
  DisallowedHostError,
  ForbiddenError,
  HttpError,
  type HttpErrorOptions,
  LengthRequiredError,
  MalformedBodyError,
  MethodNotAllowedError,
  NotFoundError,
  PayloadTooLargeError,
  TooManyRequestsError,
  UnauthorizedError,
  UnavailableError,
  UnknownStaticFileError,
  UnprocessableError,
  UnsupportedMediaTypeError,
  UploadStorageError,
} from './http.errors.js';
export { HttpModule } from './http.module.js';
export {
  HttpConfig,
  type HttpConfigValues,
  type HttpOptions,
  type LimitOptions,
  type Limits,
  type ShutdownOptions,
  type StaticOptions,
} from './http.options.js';
export { clientNetwork } from './proxy/client-network.js';
export { beforeHeaders } from './reply/before-headers.js';
export { isPageController, PageController, pagePrefix } from './reply/page-controller.decorator.js';
export { isPublic, Public } from './reply/public.decorator.js';
export { Reply, type ReplyHeaders, type ReplyOptions } from './reply/reply.js';
export { sendReply } from './reply/send-reply.js';
export { GracefulShutdown, type ShutdownOutcome } from './shutdown/graceful-shutdown.js';
export { Slot, slotName } from './slots.js';
export {
  HttpMiddleware,
  type HttpMiddlewareOptions,
  HttpMiddlewareProvider,
} from './stack/http-middleware.decorator.js';
export { MiddlewareStack, type StackEntry } from './stack/middleware-stack.js';
export { fileReply, type SendableFile } from './static/file-reply.js';
export { isCompressible, mediaTypeOf } from './static/media-types.js';
export { StaticDirectory, type StaticDirectoryProvider } from './static/static-directory.decorator.js';
export { StaticFiles } from './static/static-files.js';
export {
  requestFailed,
  type RequestFailedEvent,
  requestFinished,
  type RequestFinishedEvent,
  requestStarted,
  type RequestStartedEvent,
} from './signals/request-signals.js';
