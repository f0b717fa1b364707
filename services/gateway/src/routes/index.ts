import type { Route } from '../http/route.ts'
import { aboutRoutes } from './about.ts'
import { actOnCampaignRoutes } from './act-on-campaigns.ts'
import { actOnJobRoutes } from './act-on-jobs.ts'
import { campaignExportRoutes } from './campaign-export.ts'
import { campaignRoutes } from './campaigns.ts'
import { clusterRoutes } from './clusters.ts'
import { createJobRoutes } from './create-jobs.ts'
import { dashboardRoutes } from './dashboard.ts'
import { deadLetterRoutes } from './dead-letters.ts'
import { docsRoutes } from './docs.ts'
import { jobFileRoutes } from './job-files.ts'
import { listJobRoutes } from './list-jobs.ts'
import { liveRoutes } from './live.ts'
import { pilotRoutes } from './pilots.ts'
import { projectRoutes } from './projects.ts'
import { readJobRoutes } from './read-jobs.ts'
import { tokenRoutes } from './tokens.ts'
import { userRoutes } from './users.ts'

const API: readonly Route[] = [
  ...createJobRoutes,
  ...listJobRoutes,
  ...actOnJobRoutes,
  ...readJobRoutes,
  ...jobFileRoutes,
  ...campaignRoutes,
  ...actOnCampaignRoutes,
  ...campaignExportRoutes,
  ...liveRoutes,
  ...clusterRoutes,
  ...pilotRoutes,
  ...projectRoutes,
  ...userRoutes,
  ...tokenRoutes,
  ...deadLetterRoutes,
  ...aboutRoutes,
]

/** Every operation. The document of the API is made of the same table. */
export const ROUTES: readonly Route[] = [...API, ...docsRoutes(API), ...dashboardRoutes]
