/* global SwaggerUIBundle */
// Draws Swagger UI. Requests go to this server with the cookie of the session and the token of this page.
const place = document.getElementById('api');
const { url, token, header } = place.dataset;

function withToken(request) {
  const own = new URL(request.url, location.href).origin === location.origin;
  if (own && token && !/^(GET|HEAD|OPTIONS|QUERY)$/i.test(request.method ?? 'GET')) request.headers[header] = token;
  return request;
}

window.ui = SwaggerUIBundle({
  url,
  domNode: place,
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  filter: true,
  requestInterceptor: withToken,
  tryItOutEnabled: true,
  validatorUrl: null,
});
