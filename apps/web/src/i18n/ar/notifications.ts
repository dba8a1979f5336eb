export const notifications = {
  'notifications.title': 'الإشعارات',
  'notifications.all': 'تعليم الكل كمشاهَد',
  'notifications.one': 'تعليم كمشاهَد',
  'notifications.none.title': 'لا جديد',
  'notifications.none.body': 'الإشارات والردود والطلبات التي تأتي في غيابك تنتظرك هنا.',
  'notifications.loading': 'جارٍ البحث عن الجديد',
  'notifications.offline': 'أنت غير متصل. قد ينتظر المزيد على الخادم.',
  'notifications.keys': 'مفاتيح الأسهم للتنقل، Enter للفتح، S للتعليم كمشاهَد',

  'notifications.mention': 'أشار إليك {actor} في {where}',
  'notifications.reply': 'ردّ عليك {actor} في {where}',
  'notifications.reply.direct': 'ردّ عليك {actor}',
  'notifications.direct': 'كتب إليك {actor}',
  'notifications.added': 'أضافك {actor} إلى {where}',
  'notifications.friend_request': 'يودّ {actor} أن يكون صديقك',
  'notifications.request_accepted': 'قبِل {actor} طلب صداقتك',
} as const
