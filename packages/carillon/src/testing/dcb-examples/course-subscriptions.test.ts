// https://dcb.events/examples/course-subscriptions/: one invariant about a course, one about a student, in one decision.
import { describe, it } from 'vitest';
import { z } from 'zod';
import { application, command, event, module, state } from '../../index.js';
import { given } from '../index.js';

const CourseDefined = event('CourseDefined', {
  data: z.object({ courseId: z.string(), capacity: z.int() }),
  tags: (e) => ({ course: e.courseId }),
});
const CourseCapacityChanged = event('CourseCapacityChanged', {
  data: z.object({ courseId: z.string(), newCapacity: z.int() }),
  tags: (e) => ({ course: e.courseId }),
});
const StudentSubscribed = event('StudentSubscribedToCourse', {
  data: z.object({ studentId: z.string(), courseId: z.string() }),
  tags: (e) => ({ student: e.studentId, course: e.courseId }),
});

const course = state('course', { initial: { exists: false, capacity: 0, students: 0 } })
  .on(CourseDefined, (_, e) => ({ exists: true, capacity: e.capacity, students: 0 }))
  .on(CourseCapacityChanged, (course, e) => ({ ...course, capacity: e.newCapacity }))
  .on(StudentSubscribed, (course) => ({ ...course, students: course.students + 1 }));
const student = state('student', { initial: { courses: 0 } }).on(StudentSubscribed, (student) => ({
  courses: student.courses + 1,
}));
const subscription = state(['student', 'course'], { initial: false }).on(StudentSubscribed, () => true);

const DefineCourse = command('DefineCourse', {
  data: z.object({ courseId: z.string(), capacity: z.int() }),
  reads: (c) => ({ course: course(c.courseId) }),
  rejections: { CourseExists: 'A course with that id exists' },
  decide: ({ data, course, reject }) => (course.exists ? reject('CourseExists') : CourseDefined(data)),
});
const ChangeCourseCapacity = command('ChangeCourseCapacity', {
  data: z.object({ courseId: z.string(), newCapacity: z.int() }),
  reads: (c) => ({ course: course(c.courseId) }),
  rejections: { UnknownCourse: 'No such course', SameCapacity: 'The course has that capacity already' },
  decide: ({ data, course, reject }) => {
    if (!course.exists) return reject('UnknownCourse');
    return course.capacity === data.newCapacity ? reject('SameCapacity') : CourseCapacityChanged(data);
  },
});
const SubscribeStudent = command('SubscribeStudent', {
  data: z.object({ studentId: z.string(), courseId: z.string() }),
  reads: (c) => ({
    course: course(c.courseId),
    student: student(c.studentId),
    subscribed: subscription({ student: c.studentId, course: c.courseId }),
  }),
  rejections: {
    UnknownCourse: 'No such course',
    CourseFull: 'The course is fully booked',
    AlreadySubscribed: 'The student is subscribed already',
    TooManyCourses: 'The student is subscribed to 5 courses',
  },
  decide: ({ data, course, student, subscribed, reject }) => {
    if (!course.exists) return reject('UnknownCourse');
    if (course.students >= course.capacity) return reject('CourseFull');
    if (subscribed) return reject('AlreadySubscribed');
    return student.courses >= 5 ? reject('TooManyCourses') : StudentSubscribed(data);
  },
});

const courses = application('courses', {
  modules: [
    module('subscriptions', {
      publishes: [CourseDefined, CourseCapacityChanged, StudentSubscribed],
      commands: [DefineCourse, ChangeCourseCapacity, SubscribeStudent],
    }),
  ],
});

const c1 = CourseDefined({ courseId: 'c1', capacity: 2 });
const subscribed = (studentId: string, courseId = 'c1') => StudentSubscribed({ studentId, courseId });

describe('course subscriptions', () => {
  it('define a course once', async () => {
    await given(courses)
      .when(DefineCourse({ courseId: 'c1', capacity: 2 }))
      .then(c1);
    await given(courses, c1)
      .when(DefineCourse({ courseId: 'c1', capacity: 9 }))
      .thenRejected('CourseExists');
  });

  it('change the capacity of a course that exists', async () => {
    const change = ChangeCourseCapacity({ courseId: 'c1', newCapacity: 9 });
    await given(courses).when(change).thenRejected('UnknownCourse');
    await given(courses, c1)
      .when(change)
      .then(CourseCapacityChanged({ courseId: 'c1', newCapacity: 9 }));
    await given(courses, CourseDefined({ courseId: 'c1', capacity: 9 }))
      .when(change)
      .thenRejected('SameCapacity');
  });

  it('fill a course and no more, whatever its capacity is by now', async () => {
    const subscribe = SubscribeStudent({ studentId: 's3', courseId: 'c1' });
    await given(courses).when(subscribe).thenRejected('UnknownCourse');
    await given(courses, c1, subscribed('s1')).when(subscribe).then(subscribed('s3'));
    await given(courses, c1, subscribed('s1'), subscribed('s2')).when(subscribe).thenRejected('CourseFull');
    await given(
      courses,
      c1,
      subscribed('s1'),
      subscribed('s2'),
      CourseCapacityChanged({ courseId: 'c1', newCapacity: 3 }),
    )
      .when(subscribe)
      .then(subscribed('s3'));
  });

  it('subscribe a student once, and to 5 courses at most', async () => {
    const subscribe = SubscribeStudent({ studentId: 's1', courseId: 'c1' });
    await given(courses, c1, subscribed('s1')).when(subscribe).thenRejected('AlreadySubscribed');
    const five = ['c2', 'c3', 'c4', 'c5', 'c6'].map((courseId) => subscribed('s1', courseId));
    await given(courses, c1, ...five)
      .when(subscribe)
      .thenRejected('TooManyCourses');
    await given(courses, c1, ...five.slice(1))
      .when(subscribe)
      .then(subscribed('s1'));
  });
});
