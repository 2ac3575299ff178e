import { chatRoutes } from './routes/chat';
import { conversationRoutes } from './routes/conversations';
import { libraryRoutes } from './routes/library';
import { modelRoutes } from './routes/model';
import { settingsRoutes } from './routes/settings';
import { systemRoutes } from './routes/system';

/** Everything the renderer may ask of main: the list to audit. */
export const contract = {
  ...conversationRoutes,
  ...chatRoutes,
  ...modelRoutes,
  ...libraryRoutes,
  ...settingsRoutes,
  ...systemRoutes,
};

type Contract = typeof contract;
export type Route = keyof Contract;
type RoutesOf<K extends 'call' | 'stream'> = { [R in Route]: Contract[R]['kind'] extends K ? R : never }[Route];
export type CallRoute = RoutesOf<'call'>;
export type StreamRoute = RoutesOf<'stream'>;
export type RouteOf<R extends Route> = Contract[R];
