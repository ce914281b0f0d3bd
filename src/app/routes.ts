import type { Component } from 'svelte';
import wrap, { type WrappedComponent } from 'svelte-spa-router/wrap';

import Failed from './ScreenFailed.svelte';
import NotFound from './NotFound.svelte';

// A screen's props come from the address; the router types them as any of its own.
type Screen = Component<{ params?: Record<string, string | null> | null }>;
type Load = () => Promise<{ default: Screen | Component<Record<string, never>> }>;

/** A screen that is fetched when it is first opened; where it cannot be, a screen that says so. */
function lazy(load: Load): WrappedComponent {
  return wrap({ asyncComponent: () => load().catch(() => ({ default: Failed })) as ReturnType<Load> });
}

/**
 * Address after `#` → screen. One line per screen, in the order of a visit. The screens of
 * contributors and moderators wait for their state, which readers do without.
 */
export function routesOf(loadWork: () => Promise<void>): Map<string, WrappedComponent> {
  const working = (load: Load) => lazy(async () => (await loadWork(), load()));
  const home = lazy(() => import('./HomeRoute.svelte'));
  const moderation = working(() => import('../features/moderation/ModerationScreen.svelte'));
  const about = () => import('./about-screens.ts');
  const vocabulary = () => import('./vocabulary-screens.ts');
  const groups = working(() => import('./GroupsRoute.svelte'));
  return new Map<string, WrappedComponent>([
    ['/', home],
    ['/p/:id', home],
    ['/report/:id', working(() => import('../features/report/ReportScreen.svelte'))],
    ['/sign-in', lazy(() => import('../features/account/SignInScreen.svelte'))],
    ['/sign-in-code', lazy(() => import('../features/account/SignInCodeScreen.svelte'))],
    ['/sign-up', lazy(() => import('../features/account/SignUpScreen.svelte'))],
    ['/code', lazy(() => import('../features/account/CodeScreen.svelte'))],
    ['/forgotten', lazy(() => import('../features/account/ForgottenScreen.svelte'))],
    ['/new-password', lazy(() => import('../features/account/NewPasswordScreen.svelte'))],
    ['/charter', lazy(() => import('../features/account/CharterScreen.svelte'))],
    ['/account', working(() => import('../features/account/AccountScreen.svelte'))],
    ['/about', lazy(async () => (await about()).about())],
    ['/accessibility', lazy(async () => (await about()).accessibility())],
    ['/legal', lazy(async () => (await about()).legal())],
    ['/privacy', lazy(async () => (await about()).privacy())],
    ['/embed', lazy(async () => (await about()).embed())],
    ['/add', working(() => import('../features/capture/AddScreen.svelte'))],
    ['/capture/:draftId', working(() => import('../features/capture/CaptureScreen.svelte'))],
    ['/observe/:draftId', working(() => import('../features/capture/ObserveScreen.svelte'))],
    ['/drafts', working(() => import('../features/drafts/DraftsScreen.svelte'))],
    ['/outbox', working(() => import('../features/outbox/OutboxScreen.svelte'))],
    ['/health', working(() => import('../features/outbox/HealthScreen.svelte'))],
    ['/contributions', working(() => import('../features/outbox/ContributionsScreen.svelte'))],
    ['/nearby', working(() => import('../features/nearby/NearbyScreen.svelte'))],
    ['/areas', working(() => import('../features/areas/AreasScreen.svelte'))],
    ['/moderation', moderation],
    ['/moderation/:pointId', moderation],
    ['/follows', working(() => import('../features/follow/FollowsScreen.svelte'))],
    ['/welcome', working(() => import('../features/account/WelcomeScreen.svelte'))],
    ['/groups', groups],
    ['/groups/:group', groups],
    ['/groups/:group/:theme', groups],
    ['/vocabulary/:scheme', working(async () => (await vocabulary()).edit())],
    ['/vocabulary/:scheme/import', working(async () => (await vocabulary()).bringIn())],
    ['/vocabulary/:scheme/align', working(async () => (await vocabulary()).align())],
    ['/styles', lazy(() => import('./styles/StylePage.svelte'))],
    ['*', wrap({ component: NotFound })],
  ]);
}
