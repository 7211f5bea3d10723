import { describe, expect, it } from 'vitest';
import type { ListChoice } from './labelled-video.js';
import { readLayout } from './read-layout.js';

function listed(files: Record<string, string>, choice: ListChoice = {}) {
  return readLayout(Object.keys(files), async (path) => files[path] ?? '', choice);
}
const brief = ({ videos }: Awaited<ReturnType<typeof readLayout>>) =>
  videos.map(
    ({ source, isFake, dataset, method }) => `${source} ${isFake ? 'fake' : 'real'} ${dataset} ${method ?? '-'}`,
  );

describe('layouts of data sets', () => {
  it('FaceForensics++: the test pairs of one compression, each method by its name', async () => {
    const files = {
      ...{ 'original_sequences/youtube/c23/videos/000.mp4': '', 'original_sequences/youtube/c40/videos/000.mp4': '' },
      ...{
        'original_sequences/youtube/c23/videos/005.mp4': '',
        'manipulated_sequences/Deepfakes/c23/videos/000_003.mp4': '',
      },
      ...{ 'manipulated_sequences/FaceShifter/c23/videos/003_000.mp4': '' },
      ...{ 'splits/test.json': '[["000", "003"]]', 'splits/train.json': '[["005", "007"]]' },
    };
    const list = await listed(files);
    expect(brief(list)).toEqual([
      'manipulated_sequences/Deepfakes/c23/videos/000_003.mp4 fake FaceForensics++ Deepfakes',
      'manipulated_sequences/FaceShifter/c23/videos/003_000.mp4 fake FaceForensics++ FaceShifter',
      'original_sequences/youtube/c23/videos/000.mp4 real FaceForensics++ -',
    ]);
    expect(list.notes).toEqual(['of the compressions c23, c40 c23 was taken; --compression chooses']);
    expect((await listed(files, { split: 'all', compression: 'c40' })).videos).toHaveLength(1);
    await expect(listed(files, { split: 'val' })).rejects.toThrow(/nothing is left/);
  });

  it('Celeb-DF: the list of test videos, whose 1 means real', async () => {
    const list = await listed({
      ...{ 'Celeb-real/id0_0000.mp4': '', 'Celeb-synthesis/id0_id1_0000.mp4': '', 'YouTube-real/00170.mp4': '' },
      'List_of_testing_videos.txt':
        '1 YouTube-real/00170.mp4\n0 Celeb-synthesis/id0_id1_0000.mp4\n1 Celeb-real/gone.mp4\n',
    });
    expect(brief(list)).toEqual([
      'Celeb-synthesis/id0_id1_0000.mp4 fake Celeb-DF v2 Celeb-synthesis',
      'YouTube-real/00170.mp4 real Celeb-DF v2 -',
    ]);
    expect(list.notes).toContain('1 videos of the list of test videos are not there, as Celeb-real/gone.mp4');
  });

  it('DFDC by metadata.json and by labels.csv, DeeperForensics, WildDeepfake, and folders called real and fake', async () => {
    const dfdc = {
      'part_0/a.mp4': '',
      'part_0/b.mp4': '',
      'part_0/metadata.json': '{"a.mp4":{"label":"FAKE"},"b.mp4":{"label":"REAL"}}',
    };
    expect(brief(await listed(dfdc))).toEqual(['part_0/a.mp4 fake DFDC -', 'part_0/b.mp4 real DFDC -']);
    expect(brief(await listed({ 'x.mp4': '', 'labels.csv': 'filename,label\nx.mp4,1\n' }))).toEqual([
      'x.mp4 fake DFDC -',
    ]);
    const deeper = { 'manipulated_videos/end_to_end/1_M1.mp4': '', 'source_videos/M1/a.mp4': '' };
    expect(brief(await listed(deeper))).toEqual([
      'manipulated_videos/end_to_end/1_M1.mp4 fake DeeperForensics end_to_end',
      'source_videos/M1/a.mp4 real DeeperForensics -',
    ]);
    const wild = { 'fake_test/1.mp4': '', 'real_test/2.mp4': '', 'real_train/3.mp4': '' };
    expect(brief(await listed(wild))).toEqual([
      'fake_test/1.mp4 fake WildDeepfake -',
      'real_test/2.mp4 real WildDeepfake -',
    ]);
    expect(brief(await listed({ 'Real/a.mov': '', 'Deepfakes/b.mov': '' }))).toEqual([
      'Deepfakes/b.mov fake videos -',
      'Real/a.mov real videos -',
    ]);
    await expect(listed({ 'fake_test/1.tar.gz': '' })).rejects.toThrow(/pictures or archives/);
    await expect(listed({ 'a/b.mp4': '' })).rejects.toThrow(/none of the known layouts/);
  });
});
