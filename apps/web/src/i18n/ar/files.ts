export const files = {
  'viewer.place': { other: '{number} من {count}' },
  'viewer.closer': 'تكبير',
  'viewer.farther': 'تصغير',
  'viewer.previous': 'الصورة السابقة',
  'viewer.next': 'الصورة التالية',
  'viewer.download': 'حفظ {name}',
  'viewer.missing': 'تُعرض الصورة كاملة حين تتصل.',
  'files.picture.missing': 'تُعرض حين تتصل',
  'files.media.missing': 'لا يمكن تشغيله الآن. ليس على هذا الجهاز، أو لا يعرف هذا المتصفح نوعه.',
} as const
