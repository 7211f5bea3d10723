import { JobError } from '@styleflow/contracts';

/** The part of an express route that is needed here, whatever the route's parameters. */
interface Route {
  all(refuse: (request: { readonly method: string }) => void): unknown;
}

/** Ends the definition of a route: any other method is answered 405 with `Allow`. */
export function allowMethods(route: Route, ...methods: ('GET' | 'POST' | 'PUT' | 'DELETE')[]): void {
  const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  route.all((request) => {
    throw new JobError('method_not_allowed', `${request.method} is not possible here; allowed: ${allow}.`, {
      details: { allow },
    });
  });
}
