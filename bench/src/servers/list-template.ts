/** The same table as the admin's list, without filters, search, pagination and chrome. */
export const LIST_TEMPLATE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Cities</title></head><body><h1>Cities</h1>
<table><thead><tr><th>Name</th><th>Country</th><th>Population</th><th>Kind</th><th>Region</th></tr></thead><tbody>
{{#each rows}}<tr><td><a href="/city/{{id}}">{{name}}</a></td><td>{{country.name}}</td><td>{{population}}</td><td>{{kind}}</td><td>{{country.region}}</td></tr>
{{/each}}</tbody></table></body></html>`;
