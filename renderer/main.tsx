// Starts the page: look, bridge, frame.
import './ui/tokens.css';
import './ui/base.css';
import './ui/controls.css';
import './ui/overlays.css';
import './ui/layout.css';
import './app/frame.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { createClient } from './bridge/client.ts';
import { createQueryClient } from './bridge/provider.tsx';
import { startLook } from './state/look.ts';

startLook();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(<App client={createClient(window.probity)} queries={createQueryClient()} />);
