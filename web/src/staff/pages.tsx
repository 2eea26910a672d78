// SPDX-License-Identifier: Apache-2.0
// Which page an address names. Not here: who may see it (the service decides; a page says what it was told).
import type { ReactNode } from 'react';
import { t } from '../texts/text';
import { AgreementPage } from './agreement/agreement_page';
import { AgreementTemplatePage } from './agreement/template_page';
import { WriteAgreementPage } from './agreement/write_page';
import { AlertPage } from './alert_page';
import { ColleaguePage, ColleaguesPage } from './colleagues_page';
import { KeepGroupPage, KeepPersonPage } from './duties/keep_page';
import { RecordsPage } from './duties/records_page';
import { RulePage } from './duties/rule_page';
import { TrailPage } from './duties/trail_page';
import { EmergencyAccessPage } from './emergency_access_page';
import { Frame } from './frame';
import { GroupPage } from './group_page';
import { ChangeGroupPage } from './change_group_page';
import { GroupsPage } from './groups_page';
import { LetterPage } from './letters/letter_page';
import { LettersPage } from './letters/letters_page';
import { EditWordsPage, WordsPage } from './letters/words_pages';
import { AddMemberPage, MemberPage } from './member_pages';
import { MyAccountPage } from './my_account_page';
import { NewPersonPage } from './new_person_page';
import { PeoplePage } from './people_page';
import { ChangePersonPage } from './person_forms';
import { PersonPage } from './person_page';
import { type Address, findPage, Go } from './place';
import { AddSessionsPage } from './plan/add_sessions_page';
import { PlanGroupPage } from './plan/plan_group_page';
import { PreparePage } from './prepare/prepare_page';
import { RegisterPage } from './register_page';
import { CancelSessionPage, MoveSessionPage } from './session_pages';
import { ServicePage, TeamPage, TeamsPage, TrustPage } from './teams_pages';
import { TodayPage } from './today_page';

function NoSuchPage() {
  return (
    <Frame title={t('nowhere.title')}>
      <p>{t('nowhere.words')}</p>
      <p>
        <Go to="/staff">{t('nav.to_today')}</Go>
      </p>
    </Frame>
  );
}

export function pageFor(address: Address): ReactNode {
  const found = findPage(address.path);
  const [first = '', second = ''] = found?.ids ?? [];
  switch (found?.page) {
    case 'today':
      return <TodayPage address={address} />;
    case 'groups':
      return <GroupsPage address={address} />;
    case 'plan-group':
      return <PlanGroupPage address={address} />;
    case 'group':
      return <GroupPage key={first} id={first} />;
    case 'change-group':
      return <ChangeGroupPage key={first} id={first} />;
    case 'agreement':
      return <AgreementPage key={first} group={first} />;
    case 'write-agreement':
      return <WriteAgreementPage key={first} group={first} />;
    case 'alert':
      return <AlertPage key={first} id={first} />;
    case 'add-sessions':
      return <AddSessionsPage key={first} group={first} />;
    case 'add-member':
      return <AddMemberPage key={first} group={first} />;
    case 'member':
      return <MemberPage key={second} group={first} id={second} />;
    case 'register':
      return <RegisterPage key={first} session={first} />;
    case 'move-session':
      return <MoveSessionPage key={first} session={first} />;
    case 'cancel-session':
      return <CancelSessionPage key={first} session={first} />;
    case 'prepare-member':
      return <PreparePage key={second} group={first} membership={second} />;
    case 'people':
      return <PeoplePage />;
    case 'new-person':
      return <NewPersonPage />;
    case 'emergency-access':
      return <EmergencyAccessPage />;
    case 'person':
      return <PersonPage key={first} id={first} />;
    case 'change-person':
      return <ChangePersonPage key={address.path} id={first} part={second} />;
    case 'colleagues':
      return <ColleaguesPage />;
    case 'new-colleague':
      return <ColleaguePage key="new" id={null} />;
    case 'colleague':
      return <ColleaguePage key={first} id={first} />;
    case 'letters':
      return <LettersPage />;
    case 'letter':
      return <LetterPage key={first} id={first} />;
    case 'message-words':
      return <WordsPage key={first} team={first} />;
    case 'edit-words':
      return <EditWordsPage key={address.path} team={first} which={found?.ids.slice(1) ?? []} />;
    case 'records':
      return <RecordsPage address={address} />;
    case 'record-rule':
      return <RulePage key={first} kind={first} />;
    case 'keep-person':
      return <KeepPersonPage key={first} id={first} />;
    case 'keep-group':
      return <KeepGroupPage key={first} id={first} />;
    case 'trail':
      return <TrailPage address={address} />;
    case 'teams':
      return <TeamsPage />;
    case 'trust':
      return <TrustPage />;
    case 'agreement-template':
      return <AgreementTemplatePage />;
    case 'new-service':
      return <ServicePage key="new" id={null} />;
    case 'service':
      return <ServicePage key={first} id={first} />;
    case 'new-team':
      return <TeamPage key="new" id={null} />;
    case 'team':
      return <TeamPage key={first} id={first} />;
    case 'my-account':
      return <MyAccountPage />;
    default:
      return <NoSuchPage />;
  }
}
