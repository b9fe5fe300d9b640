/** The data that `assemblePage` put into this page. @throws where the page has none. */
export function pageData<Data>(): Data {
  const holder = document.getElementById('page-data');
  if (!holder) throw new Error('the page has no data');
  return JSON.parse(holder.textContent) as Data;
}
