/** Groups nodes that can reach each other (Tarjan's algorithm). A group comes before those that it leads to. */
export function componentsFrom<T>(start: T, next: (node: T) => readonly T[]): readonly (readonly T[])[] {
  const order = new Map<T, number>();
  const lowest = new Map<T, number>();
  const open: T[] = [];
  const components: T[][] = [];

  const visit = (node: T): number => {
    const place = order.size;
    order.set(node, place);
    open.push(node);
    let low = place;
    for (const other of next(node)) {
      if (!order.has(other)) low = Math.min(low, visit(other));
      else if (open.includes(other)) low = Math.min(low, lowest.get(other) ?? order.get(other)!);
    }
    lowest.set(node, low);
    if (low === place) components.push(open.splice(open.indexOf(node)));
    return low;
  };
  visit(start);
  return components.reverse();
}
