/** Mounts the live editor on the page's workspace, for those who may edit. */
import { Workspace } from './workspace.js'

const root = document.getElementById('workspace')
if (root?.dataset.live && root.dataset.mayEdit === 'true') new Workspace(root).open()
